import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { chromium, type BrowserContext } from 'playwright-core';

/** Where Debian and others put the browser; CHROMIUM names another. */
const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The machine's own Chromium; undefined where there is none. */
export const chromiumPath: string | undefined = PLACES.find((place) => place !== undefined && existsSync(place));

export interface OpenBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Opens Chromium with a profile of its own; nothing in it calls out to the internet. */
export async function openBrowser(viewport: { readonly width: number; readonly height: number }): Promise<OpenBrowser> {
  if (chromiumPath === undefined) throw new Error('There is no Chromium; install the package chromium or set CHROMIUM.');
  const profile = await mkdtemp(join(tmpdir(), 'outdial-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    headless: true,
    viewport,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
