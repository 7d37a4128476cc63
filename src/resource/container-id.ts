/** The id of a container, as runtimes write it: 64 hexadecimal digits. */
const ID = "[0-9a-f]{64}";
/** The last part of a control group: `<id>`, `docker-<id>.scope`, `cri-containerd-<id>.scope`, `crio-<id>`, `libpod-<id>`. */
const GROUP_ID: RegExp = new RegExp(`(?:^|[-:])(${ID})(?:\\.scope)?$`);
/** What runtimes mount into a container: `/var/lib/docker/containers/<id>/hostname`, `…/overlay-containers/<id>/userdata/…`. */
const MOUNT_ID: RegExp = new RegExp(`/(?:overlay-)?containers/(${ID})/`);
/** Number of the field with the path within the mounted file system. */
const ROOT_FIELD = 3;

/**
 * The container of a process with control groups of version 1, out of `/proc/self/cgroup`. Pure.
 * @see man 7 cgroups, `/proc/pid/cgroup`: `hierarchy-ID:controller-list:cgroup-path`
 */
export function containerIdInGroups(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const id = GROUP_ID.exec(line.slice(line.lastIndexOf("/") + 1))?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}

/**
 * The container of a process whose control groups are those of its own namespace (version 2), out of `/proc/self/mountinfo`.
 * The sandbox of a pod is no container of it: its id stands below `/sandboxes/`. Pure.
 * @see man 5 proc_pid_mountinfo: the fourth field
 */
export function containerIdInMounts(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const id = MOUNT_ID.exec(line.split(" ")[ROOT_FIELD] ?? "")?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}
