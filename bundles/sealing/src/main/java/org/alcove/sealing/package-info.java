/** Seals prompts to a worker and answers to a client: HPKE (RFC 9180) for the key, AES-256-GCM for what is said. */
package org.alcove.sealing;
