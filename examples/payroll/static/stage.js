// Shows the phones that stand behind, once somebody wants them, and keeps that over a reload.

const more = document.getElementById('more');

more?.addEventListener('click', () => {
  const phones = document.querySelectorAll('section.stand[hidden]');
  for (const phone of phones) {
    const frame = phone.querySelector('iframe');
    frame.src = frame.dataset.src;
    phone.hidden = false;
  }
  more.hidden = true;
  history.replaceState(null, '', '?phones=4');
  phones[0]?.querySelector('h2').focus();
});
