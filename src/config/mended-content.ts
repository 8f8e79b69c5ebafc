import type { z } from 'zod';
import { patternOf } from './key-cures.js';
import type { SwitchKind } from './switch-schema.js';

/** Right values for keys that must be there; none of them causes a fault elsewhere. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  switch: { ari: { url: 'http://127.0.0.1:8088', password: 'x' }, ami: { password: 'x' } },
  'switch.esl': { password: 'x' },
  'switch.esl.password': 'x',
  'switch.ari': { url: 'http://127.0.0.1:8088', password: 'x' },
  'switch.ari.url': 'http://127.0.0.1:8088',
  'switch.ari.password': 'x',
  'switch.ami': { password: 'x' },
  'switch.ami.password': 'x',
  'trunks[].name': 'x',
  'trunks[].linesMax': 10_000,
  'campaigns[].id': 'x',
  'campaigns[].trunk': 'x',
  'campaigns[].pacing.linesPerAgent': 1,
  'agents[].id': 'x',
  'agents[].phone': 'x',
  'agents[].campaign': 'x',
  'agents[].pin': '0000',
};

/**
 * The content with what is wrong in it replaced by a default or a stand-in, so
 * that the rest can be judged in the same pass.
 */
export function mendedContent(content: unknown, error: z.ZodError): unknown {
  const copy = structuredClone(content);
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) mendAt(copy, [...issue.path, key]);
    else mendAt(copy, issue.path);
  }
  return copy;
}

/** A section whose kind is misspelt is most likely of the kind whose keys it has. */
const likelyKind = (section: object): SwitchKind => ('esl' in section ? 'freeswitch' : 'asterisk');

function mendAt(content: unknown, path: readonly PropertyKey[]): void {
  const last = path.at(-1);
  let holder = content;
  for (const part of path.slice(0, -1)) {
    holder = typeof holder === 'object' && holder !== null ? (Reflect.get(holder, part) as unknown) : undefined;
  }
  if (typeof holder !== 'object' || holder === null || last === undefined) return;
  const standIn = patternOf(path) === 'switch.kind' ? likelyKind(holder) : STAND_INS[patternOf(path)];
  if (standIn !== undefined) Reflect.set(holder, last, structuredClone(standIn));
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(holder, last);
}
