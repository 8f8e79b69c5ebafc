/** Imports a file in a process of its own, to be killed in the middle: `<store file> <csv file>`. */
import { openTestStore, SPRING } from './store-harness.js';

const [storeFile, csvFile] = process.argv.slice(-2);
if (storeFile === undefined || csvFile === undefined) throw new Error('Needs a store file and a CSV file.');
const { store } = await openTestStore(storeFile);
const result = await store.importContacts({ campaignId: SPRING, csvFile });
await store.close();
process.stdout.write(`imported ${String(result.importedCount)}\n`);
