export * from './command-status';
export * from './kept-answer';
