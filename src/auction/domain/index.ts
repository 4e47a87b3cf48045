export * from './auction-end';
export * from './auction-status';
export * from './deadline';
export * from './proposal';
export * from './proposal-request';
