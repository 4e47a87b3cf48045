export * from './debt-standing';
export * from './limits';
export * from './standings';
