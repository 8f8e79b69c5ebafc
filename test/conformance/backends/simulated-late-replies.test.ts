import { holdToSuite } from '../hold-to-suite.js';

await holdToSuite('simulated-late-replies');
