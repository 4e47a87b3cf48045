export * from './draw-market';
export * from './economics';
export * from './market';
export * from './oracle';
export * from './read-market';
export * from './traffic';
