import { writeFileSync } from 'node:fs';
import { Random } from '../../units/random.js';

const FIRST_NAMES = ['Ada', 'Bruno', 'Cleo', 'Dario', 'Elna', 'Fitz', 'Greta', 'Hugo', 'Ines', 'Jory', 'Kaia', 'Levin', 'Mona', 'Nils', 'Orla', 'Pim'] as const;
const LAST_NAMES = ['Amberfield', 'Brackwater', 'Copperdale', 'Dunmarrow', 'Elderbrook', 'Foxglade', 'Greywick', 'Hollowell', 'Ivorstone', 'Juniper-Hale', 'Kettleby', 'Larkmoor'] as const;
const CITIES = ['Springdale', 'Rivermouth', 'Old Harbor', 'Pinecrest', 'Fairview'] as const;

/** Writes the sample list: invented people at numbers kept for fiction. */
export function writeDemoContacts(file: string, numbers: readonly string[], seed: number): void {
  const random = new Random(seed);
  const rows = numbers.map((number) =>
    [number, random.pick(FIRST_NAMES), random.pick(LAST_NAMES), random.pick(CITIES)].join(','),
  );
  writeFileSync(file, `phone,first name,last name,city\n${rows.join('\n')}\n`);
}
