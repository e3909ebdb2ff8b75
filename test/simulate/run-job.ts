/** Runs a part of the seeds for `jobs.ts`. */
import { type Job, runJob } from './jobs.js';

process.once('message', (job: Job) => {
  void runJob(job).then((report) => process.send!(report));
});

// The run was ended, and nobody waits for the report.
process.once('disconnect', () => process.exit());
