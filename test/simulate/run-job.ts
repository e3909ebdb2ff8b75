/** Runs a part of the seeds for `jobs.ts`. */
import { type Job, runJob } from './jobs.js';

process.once('message', (job: Job) => {
  void runJob(job).then((report) => process.send!(report));
});
