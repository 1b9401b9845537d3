//! A primary and its standby: what is left when the standby takes over.
