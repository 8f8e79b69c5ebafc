/** Mean and spread of values as they come (B. P. Welford, 1962). */
export class RunningSpread {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count++;
    const difference = value - this.mean;
    this.mean += difference / this.count;
    this.#squares += difference * (value - this.mean);
  }

  /** Standard deviation; 0 for fewer than two values. */
  get spread(): number {
    return this.count > 1 ? Math.sqrt(this.#squares / (this.count - 1)) : 0;
  }
}
