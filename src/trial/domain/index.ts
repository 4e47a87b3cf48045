export * from './win-shares';
