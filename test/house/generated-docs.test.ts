import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { END_CAUSES } from '../../src/call/end-cause.js';
import { CALL_STATES } from '../../src/call/call-state.js';
import { generatedDocs } from '../../src/cli/generate-docs.js';
import { projectFolder } from '../../src/cli/lab/project-folder.js';

const CURE = 'Run: npx tsc -p tsconfig.build.json && node dist/cli/generate-docs.js';

describe('generated documentation', () => {
  test.each(generatedDocs())('$path is what the code says', ({ path, text }) => {
    expect(readFileSync(join(projectFolder(), path), 'utf8'), CURE).toBe(text);
  });

  test('names every end cause and every state', () => {
    const [causes, states] = generatedDocs().map(({ text }) => text);
    for (const { name } of END_CAUSES) expect(causes).toContain(`\`${name}\``);
    for (const state of CALL_STATES) expect(states).toContain(`### ${state}\n`);
  });
});
