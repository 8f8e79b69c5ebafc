import type { z } from 'zod';
import type { CrossFault } from './cross-fault.js';
import { cureOf, knownKeysBelow, pathText, patternOf, RENAMED_KEYS } from './key-cures.js';
import { nearestName } from './nearest-name.js';
import { switchKeysOf, type SwitchKind } from './switch-schema.js';

type Issue = z.core.$ZodIssue;

/** What the schema found wrong, as sentences; one finding may be several faults. */
export function issueFaults(issue: Issue, content: unknown): readonly CrossFault[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key, content));
  if (issue.code === 'invalid_key') {
    const key = String(issue.path.at(-1) ?? '');
    const cure = RENAMED_KEYS[`${patternOf(issue.path.slice(0, -1))}.${key}`] ?? cureOf(issue.path);
    return [{ path: issue.path, fault: `"${key}" cannot stand here.`, cure }];
  }
  return [{ path: issue.path, fault: faultOf(issue, valueAt(content, issue.path)), cure: cureOf(issue.path) }];
}

function unknownKey(path: readonly PropertyKey[], key: string, content: unknown): CrossFault {
  if (pathText(path) === 'switch') return unknownSwitchKey(key, content);
  const cure = RENAMED_KEYS[`${patternOf(path)}.${key}`] ?? cureOfUnknown(key, knownKeysBelow(path));
  return { path: [...path, key], fault: 'This key is not known.', cure };
}

function cureOfUnknown(key: string, known: readonly string[]): string {
  const meant = nearestName(key, known);
  return meant === undefined ? `Remove it; known here are ${known.join(', ')}.` : `Perhaps "${meant}" is meant.`;
}

/** Each kind of switch has keys of its own; one of the other kind is most likely a kind that was not written. */
function unknownSwitchKey(key: string, content: unknown): CrossFault {
  const kind: SwitchKind = valueAt(content, ['switch', 'kind']) === 'freeswitch' ? 'freeswitch' : 'asterisk';
  const other: SwitchKind = kind === 'freeswitch' ? 'asterisk' : 'freeswitch';
  const path = ['switch', key];
  if (switchKeysOf(other).includes(key)) {
    return { path, fault: `This key is one of kind ${other}, and the switch is of kind ${kind}.`, cure: `Remove it, or write kind: ${other} beside it.` };
  }
  return { path, fault: 'This key is not known.', cure: cureOfUnknown(key, switchKeysOf(kind)) };
}

function faultOf(issue: Issue, value: unknown): string {
  if (value === undefined) return issue.path.length === 0 ? 'The file is empty.' : 'This key is missing, or has no value.';
  const shown = shownValue(issue.path, value);
  switch (issue.code) {
    case 'invalid_type':
      return `${shown} is not ${article(issue.expected)}.`;
    case 'too_small':
      return issue.origin === 'array'
        ? 'The list is empty.'
        : issue.origin === 'string'
          ? `${shown} ${issue.message.startsWith('is ') ? issue.message : 'is too short'}.`
          : `${shown} is less than ${issue.inclusive === false ? 'allowed: it must be above ' : ''}${String(issue.minimum)}.`;
    case 'too_big':
      return issue.origin === 'string' ? `${shown} is longer than ${String(issue.maximum)} signs.` : `${shown} is more than ${String(issue.maximum)}.`;
    case 'invalid_value':
      return `${shown} is none of ${issue.values.map(String).join(', ')}.`;
    case 'invalid_union':
      return `${shown} is not known here.`;
    case 'invalid_format':
    case 'custom':
      return `${shown} ${issue.message}.`;
    default:
      return `${shown} cannot stand here: ${issue.message}.`;
  }
}

/** Secrets are never shown. */
function shownValue(path: readonly PropertyKey[], value: unknown): string {
  const name = path.map(String).join('.');
  if (/password|pin$|apiKeys/.test(name)) return 'The value';
  if (Array.isArray(value)) return 'A list';
  if (typeof value === 'object') return 'A group of keys';
  return JSON.stringify(value) ?? typeof value;
}

function article(expected: string): string {
  switch (expected) {
    case 'object':
      return 'a group of keys';
    case 'array':
      return 'a list';
    case 'int':
      return 'a whole number';
    case 'string':
      return 'text (numbers need quotes here)';
    case 'boolean':
      return 'true or false';
    default:
      return `a ${expected}`;
  }
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  let value = content;
  for (const part of path) {
    value = typeof value === 'object' && value !== null ? (Reflect.get(value, part) as unknown) : undefined;
  }
  return value;
}
