/** Whether any thread of Node's is at a disk, or at a pipe. @param besides so many that are known to come back */
export function isAtDisk(besides = 0): boolean {
  return process.getActiveResourcesInfo().filter((resource) => resource.startsWith('FSReq')).length > besides;
}
