/** What the global setup leaves for the global teardown, in jest's own process. */
export const server = {
  stop: async (): Promise<void> => {
    // A server of DATABASE_URL is not ours to stop.
  },
};
