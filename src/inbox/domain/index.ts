export * from './webhook-status';
