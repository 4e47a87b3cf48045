export * from './limits';
export * from './standings';
