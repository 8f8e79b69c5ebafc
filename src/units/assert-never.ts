/** Ends a `switch` over a closed union; compiles only while every member is handled. */
export function assertNever(value: never): never {
  throw new TypeError(`Unhandled member of a closed union: ${JSON.stringify(value)}`);
}
