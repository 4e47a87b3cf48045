export * from './asking';
export * from './windows';
