/** Region and keys of all programs of the benchmark. The server does not check signatures. */
export const access = { region: 'us-east-1', credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } };
