/**
 * What `npm run demo`, `npm test`, `npm run bench`, `npm run conformance` and
 * `npm run outdial` start:
 *
 *     node src/cli/bootstrap.mjs demo|test|bench|conformance|outdial [arguments]
 *
 * It brings a fresh machine to where the target can run (Debian packages, npm
 * packages, the build), each step only when it is needed, and then runs it.
 * Plain JavaScript without dependencies, because nothing is installed yet.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const CACHE = join(PROJECT, '.outdial');
const LOG = join(CACHE, 'bootstrap.log');
const TEST_REPORT = join(CACHE, 'test-report.json');
const NODE_VERSION_MIN = [20, 19];

/** A Debian package and the program that shows that it is there. */
const ESPEAK = { package: 'espeak-ng', program: 'espeak-ng' };
const BARESIP = { package: 'baresip-core', program: 'baresip' };
const CHROMIUM = { package: 'chromium', program: 'chromium' };
const COMPILER = [
  { package: 'python3', program: 'python3' },
  { package: 'make', program: 'make' },
  { package: 'g++', program: 'g++' },
];

/** Each target: what it needs of Debian, whether it needs the build, how it runs. */
const TARGETS = {
  demo: { needs: [ESPEAK, BARESIP], isBuilt: true, run: (args) => runToEnd(['dist/cli/outdial.js', 'demo', ...args]) },
  outdial: { needs: [], isBuilt: true, run: (args) => runToEnd(['dist/cli/outdial.js', ...args]) },
  bench: { needs: [ESPEAK, BARESIP], isBuilt: true, run: (args) => runToEnd([...fromSources(), 'test/bench/bench.ts', ...args]) },
  conformance: { needs: [ESPEAK, BARESIP], isBuilt: true, run: (args) => runToEnd([...fromSources(), 'test/conformance/conformance.ts', ...args]) },
  test: { needs: [ESPEAK, BARESIP, CHROMIUM], isBuilt: true, run: runTests },
};

/** A fault that has been told to the user in plain words. */
class Told extends Error {}

const say = (line) => process.stderr.write(`${line}\n`);

async function main() {
  const [name = '', ...args] = process.argv.slice(2);
  const target = Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
  if (target === undefined) throw new Told('Usage: node src/cli/bootstrap.mjs demo|test|bench|conformance|outdial [arguments]');
  process.chdir(PROJECT);
  mkdirSync(CACHE, { recursive: true });
  checkNode();
  await installDebianPackages(target.needs, `for ${name}`);
  await installNpmPackages();
  if (target.isBuilt) await build();
  return target.run(args);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [majorMin, minorMin] = NODE_VERSION_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  throw new Told(`Node ${NODE_VERSION_MIN.join('.')} or later is needed; this is ${process.versions.node}.`);
}

// Debian packages

const programExists = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

async function installDebianPackages(needs, purpose) {
  const packages = needs.filter((need) => !programExists(need.program)).map((need) => need.package);
  if (packages.length === 0) return;
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (!programExists('apt-get')) throw new Told(`Missing ${purpose}: ${packages.join(', ')} (Debian's names); install them and try again.`);
  if (process.getuid?.() !== 0) throw new Told(`Missing ${purpose}: ${packages.join(', ')}. As root: ${command}`);
  say(`Installing Debian packages ${purpose}: ${packages.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await quietly('apt-get update', 'apt-get', ['update', '-qq'], env);
  await quietly(command, 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], env);
}

// npm packages

async function installNpmPackages() {
  if (!areNpmPackagesCurrent()) {
    say('Installing npm packages (npm ci; a minute or two the first time).');
    const installed = await tryQuietly('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], npmEnvironment());
    if (!installed) {
      // Most often: no prebuilt better-sqlite3 could be had and nothing here can compile it.
      if (COMPILER.every((need) => programExists(need.program))) throw npmFault('npm ci');
      await installDebianPackages(COMPILER, 'to compile better-sqlite3');
      await quietly('npm ci', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], npmEnvironment());
    }
  }
  if (doesSqliteWork()) return;
  await installDebianPackages(COMPILER, 'to compile better-sqlite3');
  say('Compiling better-sqlite3 (about a minute).');
  await quietly('npm rebuild better-sqlite3', 'npm', ['rebuild', 'better-sqlite3', '--loglevel=error'], npmEnvironment());
  if (!doesSqliteWork()) throw npmFault('npm rebuild better-sqlite3');
}

const npmFault = (what) => new Told(`${what} failed; its output is in ${LOG}:\n${lastLines(15)}`);

/** npm writes node_modules/.package-lock.json last. */
function areNpmPackagesCurrent() {
  const installed = 'node_modules/.package-lock.json';
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs;
}

/** False too after Node itself was replaced by one of another binary interface. */
function doesSqliteWork() {
  const probe = "new (require('better-sqlite3'))(':memory:').close()";
  return spawnSync(process.execPath, ['-e', probe], { stdio: 'ignore' }).status === 0;
}

function npmEnvironment() {
  const prefix = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(prefix, 'include/node/node.h'));
  return {
    // The CPU library inside the package is enough; its install step would download another.
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    // Compile against this Node's own headers instead of fetching them.
    ...(hasHeaders && process.env.npm_config_nodedir === undefined ? { npm_config_nodedir: prefix } : {}),
  };
}

// The build

async function build() {
  const marker = 'dist/.built';
  const fingerprint = fingerprintOfSources();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint) return;
  say('Building (npm run build).');
  await quietly('npm run build', 'npm', ['run', '--silent', 'build'], {});
  writeFileSync(marker, fingerprint);
}

/** Changes when a source file is added, removed or written. */
function fingerprintOfSources() {
  const hash = createHash('sha256');
  const add = (path) => {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  };
  for (const path of ['package-lock.json', 'package.json', 'tsconfig.json', 'tsconfig.build.json']) add(path);
  const entries = readdirSync('src', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of entries.map((entry) => join(entry.parentPath, entry.name)).sort()) add(path);
  return hash.digest('hex');
}

/** Options of node that let it run TypeScript as it stands: the benchmarks are no part of the build. */
function fromSources() {
  const hooks = pathToFileURL(join(PROJECT, 'src/loop/typescript-hooks.mjs')).href;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(hooks)});`;
  return ['--import', `data:text/javascript,${encodeURIComponent(register)}`];
}

// The tests

/** Type check, lint, then every test; the last line printed says how many passed. */
async function runTests(args) {
  rmSync(TEST_REPORT, { force: true });
  const faults = [];
  const check = async (name, command) => {
    say(`${name} …`);
    if ((await runToEnd(command)) !== 0) faults.push(`${name} failed`);
  };
  if (args.length === 0) {
    await check('Type check', ['node_modules/typescript/bin/tsc', '--noEmit']);
    await check('Lint', ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.']);
  }
  const exitCode = await runToEnd([
    'node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${TEST_REPORT}`, ...args,
  ]);
  const counts = countTests();
  if (counts.passed + counts.failed === 0) faults.push('no test ran');
  else if (exitCode !== 0 && counts.failed === 0) faults.push(`the test runner ended with exit code ${exitCode}`);
  if (counts.skipped > 0) process.stdout.write(`${counts.skipped} skipped\n`);
  for (const fault of faults) process.stdout.write(`Failed: ${fault}.\n`);
  const failed = counts.failed + faults.length;
  process.stdout.write(`${counts.passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : Math.max(1, exitCode);
}

/** A test file that could not even be loaded counts as one failed test. */
function countTests() {
  if (!existsSync(TEST_REPORT)) return { passed: 0, failed: 0, skipped: 0 };
  const report = JSON.parse(readFileSync(TEST_REPORT, 'utf8'));
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

// Processes

/** Runs a step whose output goes to the log; on failure its last lines are shown. */
async function quietly(what, program, args, env) {
  if (!(await tryQuietly(program, args, env))) throw new Told(`${what} failed; its output is in ${LOG}:\n${lastLines(30)}`);
}

async function tryQuietly(program, args, env) {
  writeFileSync(LOG, `$ ${program} ${args.join(' ')}\n`);
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => writeFileSync(LOG, chunk, { flag: 'a' }));
  }
  const exitCode = await endOf(child);
  if (stoppedBy !== undefined) throw new Told(`Stopped by ${stoppedBy}.`);
  return exitCode === 0;
}

const lastLines = (count) => readFileSync(LOG, 'utf8').trimEnd().split('\n').slice(-count).join('\n');

/**
 * Runs node with these arguments on our own terminal and gives its exit code.
 * It is in a process group of its own, so a Ctrl-C reaches it exactly once,
 * through us; and should we be killed outright, the kernel ends it (SIGTERM).
 */
function runToEnd(args) {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((place) => existsSync(place));
  const bound = setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'TERM', '--'];
  const [program, ...rest] = [...bound, process.execPath, ...args];
  return endOf(spawn(program, rest, { stdio: 'inherit', detached: true }));
}

/** Two of the same signal within this time are one: npm passes on what the terminal has sent us as well. */
const SAME_SIGNAL_MS = 300;

/** The signal we have been sent, if any. */
let stoppedBy;

/** Waits for a child, passing signals on to it; its exit code as a shell gives it. */
function endOf(child) {
  return new Promise((resolve, reject) => {
    const passedOnAtMs = new Map();
    const passOn = (signal) => {
      const now = performance.now();
      if (now - (passedOnAtMs.get(signal) ?? -Infinity) < SAME_SIGNAL_MS) return;
      passedOnAtMs.set(signal, now);
      stoppedBy = signal;
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    const finish = () => signals.forEach((signal) => process.off(signal, passOn));
    child.once('error', (error) => {
      finish();
      reject(error.code === 'ENOENT' ? new Told(`${child.spawnfile} is missing.`) : error);
    });
    child.once('close', (exitCode, signal) => {
      finish();
      resolve(exitCode ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof Told ? error.message : error.stack);
  process.exitCode = 1;
}
