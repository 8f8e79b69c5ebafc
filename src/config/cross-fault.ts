/** A fault that shows only when keys are held against each other. */
export interface CrossFault {
  readonly path: readonly PropertyKey[];
  readonly fault: string;
  readonly cure: string;
}
