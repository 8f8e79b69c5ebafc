import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { CallResource, RecordingResource } from '../../api/contract/call.js';

/** The service as the demo uses it: by REST, as any other program would. */
export class DemoServiceClient {
  readonly #base: string;

  /** @param serviceUrl `http://host:port` */
  constructor(serviceUrl: string) {
    this.#base = `${serviceUrl}/api/v1`;
  }

  /** @throws Error with the service's own words when it refuses. */
  async post(path: string, body?: unknown): Promise<void> {
    const answer = await fetch(`${this.#base}${path}`, {
      method: 'POST',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  }

  /** Imports a CSV file into a campaign. @throws Error with the service's own words when it refuses the file. */
  async importCsv(campaignId: string, file: string): Promise<void> {
    const path = `/campaigns/${campaignId}/contacts/import`;
    const answer = await fetch(`${this.#base}${path}?fileName=${encodeURIComponent(basename(file))}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: readFileSync(file),
    });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  }

  calls(): Promise<readonly CallResource[]> {
    return this.#all<CallResource>('/calls');
  }

  recordings(): Promise<readonly RecordingResource[]> {
    return this.#all<RecordingResource>('/recordings');
  }

  /** Every page of a list. */
  async #all<T>(path: string): Promise<readonly T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: '200', ...(cursor === null ? {} : { cursor }) });
      const answer = await fetch(`${this.#base}${path}?${query.toString()}`);
      if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
      const page = (await answer.json()) as { items: T[]; nextCursor: string | null };
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }
}
