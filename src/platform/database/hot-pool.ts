/**
 * Injection token of the connections that auctions are answered on, a pg Pool: nobody who reads, lists or draws has
 * one of them. Closed when everybody has drained.
 */
export const HOT_POOL = Symbol('HotPool');
