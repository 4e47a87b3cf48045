export * from './auction-end';
export * from './proposal-request';
