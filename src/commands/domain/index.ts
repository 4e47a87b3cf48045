export * from './command-status';
export * from './says-no';
