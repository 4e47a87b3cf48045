export * from './draw-market';
export * from './economics';
export * from './level';
export * from './market';
export * from './traffic';
