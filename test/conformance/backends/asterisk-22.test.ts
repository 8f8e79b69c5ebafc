import { holdToSuite } from '../hold-to-suite.js';

await holdToSuite('asterisk-22');
