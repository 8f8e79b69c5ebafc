/** Digits of a phone number left readable at its start and at its end. Chosen: enough to tell two apart, too few to call. */
const HEAD_DIGITS = 3;
const TAIL_DIGITS = 2;

/** Shortest number worth hiding. Chosen: extensions, feature codes and SIP status codes are shorter. */
const DIGITS_MIN = 7;

/**
 * A phone number as it may stand in a log: `+12025550143` becomes
 * `+120******43`. Signs other than digits are kept; a number of fewer than 7
 * digits is an extension and is given back as it is.
 */
export function maskPhoneNumber(number: string): string {
  const digitCount = number.replace(/\D/g, '').length;
  if (digitCount < DIGITS_MIN) return number;
  let index = 0;
  return number.replace(/\d/g, (digit) => {
    const isShown = index < HEAD_DIGITS || index >= digitCount - TAIL_DIGITS;
    index += 1;
    return isShown ? digit : '*';
  });
}

/**
 * Numbers in running text, by how they betray themselves: a leading `+` (also
 * as `%2B` in an address), a `sip:` or `tel:` address, a dial string
 * `PJSIP/…@`, or the name of the JSON field they stand in. Bare runs of digits
 * are left alone, because times, ports and call ids are such runs.
 */
const NUMBER_IN_TEXT = new RegExp(
  [
    String.raw`(?<lead>\+)(?<digits>\d(?:[ .()-]{0,2}\d){6,14})`,
    String.raw`(?<scheme>%2B|sips?:\+?|tel:\+?|PJSIP/\+?)(?<plainDigits>\d{7,15})`,
    String.raw`(?<field>"(?:number|phoneNumber|callerNumber|destination|calleeNumber)":")(?<value>[^"]{7,32})`,
  ].join('|'),
  'gi',
);

/** The text with every recognisable phone number masked; all else is unchanged. */
export function maskPhoneNumbersIn(text: string): string {
  return text.replace(NUMBER_IN_TEXT, (...found: unknown[]) => {
    const groups = found.at(-1) as Readonly<Record<string, string | undefined>>;
    const before = groups['lead'] ?? groups['scheme'] ?? groups['field'] ?? '';
    return before + maskPhoneNumber(groups['digits'] ?? groups['plainDigits'] ?? groups['value'] ?? '');
  });
}
