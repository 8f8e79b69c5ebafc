import { expect, test } from 'vitest';
import { RequestWindow } from '../../../../src/telephony/asterisk/request-window.js';

test('requests depart in order, never more than the window holds', () => {
  const window = new RequestWindow(2, 10);
  const departed: number[] = [];
  for (let i = 0; i < 5; i++) expect(window.admit({ depart: () => departed.push(i) })).toBe(true);
  expect(departed).toEqual([0, 1]);
  window.release();
  expect(departed).toEqual([0, 1, 2]);
  for (let i = 0; i < 4; i++) window.release();
  expect(departed).toEqual([0, 1, 2, 3, 4]);
  window.admit({ depart: () => departed.push(5) });
  expect(departed.at(-1)).toBe(5);
});

test('a full queue says so', () => {
  const window = new RequestWindow(1, 1);
  const depart = (): void => undefined;
  expect([window.admit({ depart }), window.admit({ depart }), window.admit({ depart })]).toEqual([true, true, false]);
});
