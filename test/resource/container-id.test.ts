import { expect, test } from "vitest";

import { containerIdInGroups, containerIdInMounts } from "../../src/resource/container-id.ts";

const ID = "a16ae8b0c8c7d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d";
const POD = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

test.each([
  ["Docker", `13:name=systemd:/docker/${ID}\n12:pids:/docker/${ID}\n`],
  ["Docker under systemd", `0::/system.slice/docker-${ID}.scope\n`],
  ["containerd under Kubernetes", `11:cpu:/kubepods/besteffort/pod12-34/${ID}\n`],
  ["containerd and systemd", `0::/kubepods.slice/kubepods-pod12.slice/cri-containerd-${ID}.scope\n`],
  [
    "containerd in one colon-separated name",
    `0::/system.slice/containerd.service/kubepods-pod12.slice:cri-containerd:${ID}\n`,
  ],
  ["CRI-O", `0::/kubepods.slice/kubepods-pod12.slice/crio-${ID}.scope\n`],
  ["Podman", `0::/user.slice/user-1000.slice/libpod-${ID}.scope\n`],
  ["a group among others", `2:cpu:/\n1:name=systemd:/docker/${ID}\n0::/\n`],
])("containerIdInGroups() finds the container of %s", (_name, text) => {
  expect(containerIdInGroups(text)).toBe(ID);
});

test.each([
  ["no container", "0::/\n"],
  ["a session", "0::/user.slice/user-1000.slice/session-3.scope\n"],
  ["an id that is too short", `1:cpu:/docker/${ID.slice(1)}\n`],
  ["an id that is too long", `1:cpu:/docker/${ID}a\n`],
  ["no hexadecimal digits", `1:cpu:/docker/${"g".repeat(64)}\n`],
  ["a service within a container", `0::/docker/${ID}/app.service\n`],
  ["nothing", ""],
])("containerIdInGroups() finds nothing in %s", (_name, text) => {
  expect(containerIdInGroups(text)).toBeUndefined();
});

test.each([
  [
    "Docker",
    `736 707 254:1 /var/lib/docker/containers/${ID}/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda1 rw\n`,
  ],
  [
    "Podman",
    `983 961 0:56 /containers/overlay-containers/${ID}/userdata/hostname /etc/hostname rw - tmpfs tmpfs rw\n`,
  ],
])("containerIdInMounts() finds the container of %s", (_name, line) => {
  const others = "707 574 0:33 / / rw,relatime - overlay overlay rw,lowerdir=/var/lib\n";
  expect(containerIdInMounts(others + line)).toBe(ID);
});

test.each([
  [
    "the sandbox of a pod",
    `1 2 254:1 /var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/${POD}/hostname /etc/hostname rw - ext4 x rw\n`,
  ],
  [
    "a host that mounts the files of its containers",
    `1 2 0:50 / /var/lib/docker/containers/${ID}/mounts/shm rw - tmpfs shm rw\n`,
  ],
  ["nothing", ""],
])("containerIdInMounts() finds nothing in %s", (_name, text) => {
  expect(containerIdInMounts(text)).toBeUndefined();
});
