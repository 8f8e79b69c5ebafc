/**
 * A running hash over the lines of a log, to tell that two runs were the same
 * to the byte. Two lanes of FNV-1a (Fowler, Noll, Vo) with different offsets;
 * not for secrets.
 */
export class RunHash {
  #low = 0x811c9dc5;
  #high = 0x01000193;
  #lineCount = 0;

  add(line: string): void {
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < line.length; index++) {
      const code = line.charCodeAt(index);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ (code + index), 0x85ebca6b);
    }
    this.#low = Math.imul(low ^ 10, 0x01000193);
    this.#high = Math.imul(high ^ 10, 0x85ebca6b);
    this.#lineCount++;
  }

  get lineCount(): number {
    return this.#lineCount;
  }

  get hex(): string {
    const part = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
    return part(this.#high) + part(this.#low);
  }
}
