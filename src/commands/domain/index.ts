export * from './command-status';
