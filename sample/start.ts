/** Runs sample 01, or with `--over <transport>` sample 06. */
const sample = process.argv.some((arg) => arg.startsWith('--over')) ? '06-swap-the-transport' : '01-one-click-backup';
await import(`./${sample}/run.js`);
