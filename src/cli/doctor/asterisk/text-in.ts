/** A text deep in an answer; undefined when it is not there. */
export function textIn(body: unknown, ...path: readonly string[]): string | undefined {
  let value = body;
  for (const key of path) value = typeof value === 'object' && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
  return typeof value === 'string' ? value : undefined;
}
