/**
 * North American area codes in several time zones. With the exchange 555 and a
 * line from 0100 to 0199, which the numbering plan keeps for fiction, each
 * gives a hundred numbers that nobody has.
 */
const AREA_CODES = [
  '202', '212', '215', '216', '303', '305', '312', '313', '314', '404', '405', '412', '414', '415', '502', '503',
  '505', '512', '513', '515', '602', '603', '612', '614', '615', '617', '619', '702', '704', '713', '716', '802',
  '804', '808', '816', '901', '907', '916', '919', '972',
] as const;
const LINES_A_CODE = 100;

/** How many there are. */
export const FICTITIOUS_NUMBER_COUNT = AREA_CODES.length * LINES_A_CODE;

/**
 * The first `count` fictitious numbers in E.164, area codes in turn, so that a
 * short list already spans the time zones. @throws RangeError when there are not as many.
 */
export function fictitiousNumbers(count: number): readonly string[] {
  if (count > FICTITIOUS_NUMBER_COUNT) throw new RangeError(`There are ${FICTITIOUS_NUMBER_COUNT} fictitious numbers, not ${count}.`);
  return Array.from({ length: count }, (_, index) => {
    const line = Math.floor(index / AREA_CODES.length);
    return `+1${AREA_CODES[index % AREA_CODES.length] ?? ''}55501${String(line).padStart(2, '0')}`;
  });
}
