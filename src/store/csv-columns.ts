import { readPhoneNumber } from './phone-number.js';

/** Which column is what, by its header; letters' case and spaces around do not matter. */
export interface ColumnMapping {
  readonly phone?: string | undefined;
  /** One column, or several that are joined by a space, e.g. first and last name. */
  readonly name?: string | readonly string[] | undefined;
}

/** Where in a row everything stands. */
export interface ColumnPlan {
  /** Every column's name; an empty header gets its place, a double one a number. */
  readonly names: readonly string[];
  readonly phoneIndex: number;
  /** In the order in which the parts are joined; empty when there is no name. */
  readonly nameIndexes: readonly number[];
  /** All others. */
  readonly fieldIndexes: readonly number[];
}

/** What the header says about the columns, or why nothing can be made of it. */
export type ColumnFinding =
  | { readonly kind: 'plan'; readonly plan: ColumnPlan }
  /** One sentence with the cure. */
  | { readonly kind: 'fault'; readonly why: string };

/** Headers without case, accents, spaces and signs, the most telling first; English, German, French, Spanish, Portuguese, Italian, Dutch. */
const PHONE_HEADERS: readonly string[] = [
  'phone', 'phonenumber', 'telephone', 'telephonenumber', 'phoneno', 'telno', 'telnumber', 'tel', 'msisdn', 'e164',
  'mobile', 'mobilephone', 'mobilenumber', 'mobileno', 'cell', 'cellphone', 'cellnumber', 'cellular', 'phone1', 'phone01',
  'primaryphone', 'contactnumber', 'contactphone', 'customerphone', 'dialnumber', 'homephone', 'workphone',
  'businessphone', 'telefon', 'telefonnummer', 'rufnummer', 'mobil', 'mobiltelefon', 'handy', 'handynummer', 'telephoneportable',
  'portable', 'telefono', 'movil', 'celular', 'telefone', 'telemovel', 'cellulare', 'telefoon', 'telefoonnummer', 'mobiel',
  'number', 'numero', 'nummer',
];
const WHOLE_NAME_HEADERS: readonly string[] = [
  'name', 'fullname', 'contactname', 'customername', 'contact', 'customer', 'nombre', 'nom', 'nome', 'naam',
];
const FIRST_NAME_HEADERS: readonly string[] = ['firstname', 'first', 'givenname', 'forename', 'vorname', 'prenom', 'voornaam'];
const LAST_NAME_HEADERS: readonly string[] = [
  'lastname', 'last', 'surname', 'familyname', 'nachname', 'nomdefamille', 'apellido', 'apellidos', 'sobrenome', 'cognome', 'achternaam',
];

/**
 * Says which column is what.
 * @param country in which a header that is a number by mistake would be read.
 */
export function planColumns(header: readonly string[], mapping: ColumnMapping, country: string): ColumnFinding {
  const names = columnNames(header);
  const keys = header.map(headerKey);
  const listed = names.map((name) => `"${name}"`).join(', ');
  const wanted = [mapping.phone ?? [], mapping.name ?? []].flat();
  const missing = wanted.find((name) => indexOfName(names, name) === undefined);
  if (missing !== undefined) return fault(`There is no column "${missing}"; the file has ${listed}.`);

  const phoneIndex = mapping.phone === undefined ? firstOf(keys, PHONE_HEADERS) : indexOfName(names, mapping.phone);
  if (phoneIndex === undefined) {
    const isHeaderless = header.some((cell) => readPhoneNumber(cell, country).kind === 'number');
    return fault(
      isHeaderless
        ? 'The first line holds a telephone number where the names of the columns belong: put a line such as "phone,name" above it.'
        : `No column is named like a telephone number; the file has ${listed}: say which one it is, as phone=<column>.`,
    );
  }
  const nameIndexes =
    mapping.name === undefined
      ? guessNameIndexes(keys)
      : [mapping.name].flat().flatMap((name) => indexOfName(names, name) ?? []);
  const taken = new Set([phoneIndex, ...nameIndexes]);
  const fieldIndexes = names.flatMap((_, index) => (taken.has(index) ? [] : [index]));
  return { kind: 'plan', plan: { names, phoneIndex, nameIndexes: nameIndexes.filter((index) => index !== phoneIndex), fieldIndexes } };
}

const fault = (why: string): ColumnFinding => ({ kind: 'fault', why });

function guessNameIndexes(keys: readonly string[]): number[] {
  const first = firstOf(keys, FIRST_NAME_HEADERS);
  const last = firstOf(keys, LAST_NAME_HEADERS);
  const whole = firstOf(keys, WHOLE_NAME_HEADERS);
  // French lists have "nom" and "prénom" side by side: the whole name is then the last name.
  if (first !== undefined) return [first, ...(last ?? whole) === undefined ? [] : [(last ?? whole) as number]];
  return whole !== undefined ? [whole] : last !== undefined ? [last] : [];
}

/** The column whose header comes first in the list of candidates. */
function firstOf(keys: readonly string[], candidates: readonly string[]): number | undefined {
  const found = candidates.find((candidate) => keys.includes(candidate));
  return found === undefined ? undefined : keys.indexOf(found);
}

const headerKey = (header: string): string =>
  header.normalize('NFD').toLowerCase().replace(/[^a-z0-9]/g, '');

function indexOfName(names: readonly string[], wanted: string): number | undefined {
  const plain = (name: string): string => name.trim().toLowerCase();
  const index = names.findIndex((name) => plain(name) === plain(wanted));
  return index < 0 ? undefined : index;
}

function columnNames(header: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((cell, index) => {
    const name = cell.trim() === '' ? `column ${String(index + 1)}` : cell.trim();
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} ${String(count)}`;
  });
}
