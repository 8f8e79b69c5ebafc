/**
 * North American area codes in several time zones, in two blocks. With the
 * exchange 555 and a line from 0100 to 0199, which the numbering plan keeps for
 * fiction, each gives a hundred numbers that nobody has.
 */
const AREA_CODE_BLOCKS = [
  [
    '202', '212', '215', '216', '303', '305', '312', '313', '314', '404', '405', '412', '414', '415', '502', '503',
    '505', '512', '513', '515', '602', '603', '612', '614', '615', '617', '619', '702', '704', '713', '716', '802',
    '804', '808', '816', '901', '907', '916', '919', '972',
  ],
  [
    '201', '203', '205', '206', '207', '208', '209', '213', '214', '217', '218', '219', '228', '229', '231', '248',
    '251', '253', '254', '256', '260', '262', '270', '301', '302', '304', '307', '308', '309', '316', '318', '319',
    '334', '336', '401', '402', '406', '408', '417', '423',
  ],
] as const;
const LINES_A_CODE = 100;
const CODES_A_BLOCK = 40;
const NUMBERS_A_BLOCK = CODES_A_BLOCK * LINES_A_CODE;

/** How many there are. */
export const FICTITIOUS_NUMBER_COUNT = AREA_CODE_BLOCKS.length * NUMBERS_A_BLOCK;

/**
 * The first `count` fictitious numbers in E.164, the area codes of a block in
 * turn, so that a short list already spans the time zones. @throws RangeError when there are not as many.
 */
export function fictitiousNumbers(count: number): readonly string[] {
  if (count > FICTITIOUS_NUMBER_COUNT) throw new RangeError(`There are ${FICTITIOUS_NUMBER_COUNT} fictitious numbers, not ${count}.`);
  return Array.from({ length: count }, (_, index) => {
    const block = AREA_CODE_BLOCKS[Math.floor(index / NUMBERS_A_BLOCK)];
    const line = Math.floor((index % NUMBERS_A_BLOCK) / CODES_A_BLOCK);
    return `+1${block?.[index % CODES_A_BLOCK] ?? ''}55501${String(line).padStart(2, '0')}`;
  });
}
