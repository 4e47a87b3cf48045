/**
 * How many threads Node has for signing, verifying and hashing, which are the ones that wait for disks too: each look at a disk that
 * answers nothing keeps one. Node reads it when it first needs one, so this is imported before anything else.
 */
process.env['UV_THREADPOOL_SIZE'] ??= '16';
