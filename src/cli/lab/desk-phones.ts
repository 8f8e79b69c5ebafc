import { startBaresipPhones } from './baresip-phones.js';
import type { DeskPhones, DeskPhonesOptions } from './desk-phone.js';
import { startPhoneBank } from './phone-bank.js';

/** Chosen: beyond it, the processes cost more than one Asterisk does. */
const BARESIP_COUNT_MAX = 4;

/** Starts SIP desk phones; resolves when all are registered. */
export function startDeskPhones(options: DeskPhonesOptions): Promise<DeskPhones> {
  const kind = options.kind ?? (options.phones.length <= BARESIP_COUNT_MAX ? 'baresip' : 'bank');
  return kind === 'baresip' ? startBaresipPhones(options) : startPhoneBank(options);
}
