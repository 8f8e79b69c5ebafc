import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** What is kept of an agent's PIN. */
export interface PinHash {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/**
 * Node's default cost (N = 16384, r = 8, p = 1: 16 MiB, tens of ms).
 * Chosen: a PIN has few digits, so whoever has the file can try them all
 * whatever the cost; what this buys is that PINs are not read by accident and
 * equal PINs do not look equal.
 */
const digest = (pin: string, salt: Uint8Array): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });

/** Hashes a PIN with a salt of its own; runs beside the event loop. */
export async function hashPin(pin: string): Promise<PinHash> {
  const salt = randomBytes(SALT_BYTES);
  return { salt, hash: await digest(pin, salt) };
}

/** Whether `pin` is the one that was hashed; takes as long when it is not. */
export async function isPin(pin: string, kept: PinHash): Promise<boolean> {
  return timingSafeEqual(await digest(pin, kept.salt), kept.hash);
}
