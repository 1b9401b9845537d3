// A phone in TypeScript, against types that were generated from openapi.json.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { argv: string[]; exit(code: number): never };

type Problem = components["schemas"]["Problem"];

const [, , baseUrl, person, pin] = process.argv as [string, string, string, string, string];
const client = createClient<paths>({ baseUrl });

function must<T>(reply: { data?: T; error?: Problem }): T {
  if (reply.data === undefined) {
    console.error(reply.error?.code, reply.error?.next.step);
    process.exit(1);
  }
  return reply.data;
}

const begun = must(await client.POST("/app/sign-in/begin", { body: {} }));
const evidence = { person, method: "BankCredentials" };
const signedIn = must(await client.POST("/app/sign-in", { body: { flow: begun.flow, evidence, label: "TypeScript" } }));
const device = { "Pinlatch-Device": signedIn.token };
const opened = must(await client.POST("/app/pin", { headers: device, body: { pin, confirmation: pin } }));
const bearer = { Authorization: `Bearer ${opened.session}` };
const session = must(await client.GET("/app/session", { headers: bearer }));
if (session.person !== person) process.exit(2);

const wrong = await client.POST("/app/unlock", { headers: device, body: { pin: "111222" } });
// The compiler knows all codes: a misspelt one would not be comparable.
const code: Problem["code"] | undefined = wrong.error?.code;
if (code !== "IncorrectPin") process.exit(3);
console.log(`opened; then ${code}`);
