/**
 * Every problem the API can answer with (RFC 9457). The code is stable and is
 * the last part of `type`; the detail says what happened here and what to do.
 */
const CATALOGUE = {
  'invalid-input': { status: 400, title: 'The request has faults' },
  unauthorised: { status: 401, title: 'An API key is needed' },
  'foreign-origin': { status: 403, title: 'Another site may not do this' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'no-such-route': { status: 404, title: 'There is no such address' },
  'already-exists': { status: 409, title: 'It exists already' },
  'agent-offline': { status: 409, title: 'The agent is not logged in' },
  'wrong-state': { status: 409, title: 'Not possible in this state' },
  'too-large': { status: 413, title: 'The upload is too large' },
  'unsupported-media-type': { status: 415, title: 'The upload is of the wrong type' },
  'bad-import': { status: 422, title: 'The file cannot be imported' },
  internal: { status: 500, title: 'The service made a mistake' },
  'store-unavailable': { status: 503, title: 'The store cannot be used now' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

/** Stable name of a problem. */
export type ProblemCode = keyof typeof CATALOGUE;

/** One fault of an input: where (JSON pointer) and one sentence. */
export interface InputFault {
  readonly pointer: string;
  readonly detail: string;
}

/** An answer other than the one asked for; thrown by handlers, turned into a body by the error handler. */
export class ApiProblem extends Error {
  readonly code: ProblemCode;
  readonly faults: readonly InputFault[];

  constructor(code: ProblemCode, detail: string, faults: readonly InputFault[] = []) {
    super(detail);
    this.name = 'ApiProblem';
    this.code = code;
    this.faults = faults;
  }
}

/** The problem as it goes over the wire. */
export function problemBody(problem: ApiProblem): {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly errors?: readonly InputFault[];
} {
  const { status, title } = CATALOGUE[problem.code];
  return {
    type: `urn:outdial:problem:${problem.code}`,
    title,
    status,
    detail: problem.message,
    code: problem.code,
    ...(problem.faults.length > 0 ? { errors: problem.faults } : {}),
  };
}
