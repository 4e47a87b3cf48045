export * from './authorization-evidence';
export * from './authorization';
export * from './consequences';
export * from './operation-action';
export * from './operation-event';
export * from './operation-state';
export * from './resubmission';
export * from './task';
