import { isSupportedCountry, parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js/min';

/** A number that can be dialled, or why a cell holds none. */
export type PhoneNumberReading =
  /** E.164 with `+`. */
  | { readonly kind: 'number'; readonly number: string }
  /** In words, for the file of refused rows. */
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Reads a telephone number as people write it: with or without country code,
 * with spaces, brackets, dots; `00` and the country's own prefix before a
 * foreign one.
 * @param country ISO 3166 code in which a number without `+` is read.
 */
export function readPhoneNumber(cell: string, country: string): PhoneNumberReading {
  // Spreadsheets put an apostrophe before a number that must stay text.
  const text = cell.trim().replace(/^'|^tel:/i, '').trim();
  if (text === '') return refused('no number');
  if (/^[\d.,]+e\+?\d+$/i.test(text)) {
    return refused('a spreadsheet has rounded the number: format the column as text and export it again');
  }
  // Far cheaper than the library's own way of finding out.
  if (!/\d/.test(text)) return refused('not a telephone number');
  const defaultCountry = isPhoneCountry(country) ? country : undefined;
  const options = { extract: false, ...(defaultCountry && { defaultCountry }) };
  const asWritten = parsePhoneNumberFromString(text, options);
  const isInternational = asWritten?.isValid() !== true && text.startsWith('00');
  const parsed = isInternational ? parsePhoneNumberFromString(`+${text.slice(2)}`, { extract: false }) : asWritten;
  if (parsed?.isValid() === true) {
    return parsed.ext === undefined
      ? { kind: 'number', number: parsed.number }
      : refused('has an extension, which cannot be dialled');
  }
  switch (validatePhoneNumberLength(text, options)) {
    case 'TOO_SHORT':
      return refused('too short for a telephone number');
    case 'TOO_LONG':
      return refused('too long for a telephone number');
    case 'INVALID_LENGTH':
      return refused('not as long as a telephone number of its country');
    case 'INVALID_COUNTRY':
      return refused('no country has this code');
    case 'NOT_A_NUMBER':
      return refused('not a telephone number');
    case undefined:
      return refused('no number of its country begins like this');
  }
}

/** Whether telephone numbers of this country (ISO 3166, e.g. `GB`) can be read. */
const isPhoneCountry = isSupportedCountry;

const refused = (why: string): PhoneNumberReading => ({ kind: 'refused', why });
