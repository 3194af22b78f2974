"""The machine and its software, as the table and the JSON state them."""

import os
import platform
import sys
from pathlib import Path


def processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def vector_extensions() -> list[str]:
    """Which of the wide ones the processor says it has (Linux)."""
    cpuinfo = Path("/proc/cpuinfo")
    words = set(cpuinfo.read_text("utf-8").split()) if cpuinfo.is_file() else set()
    return sorted(words & {"avx2", "fma", "avx512f", "asimd", "sve"})


def machine() -> dict[str, object]:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "processor": processor(),
        "vector_extensions": vector_extensions(),
        "cores": os.cpu_count(),
        "load_at_start": load,
        "system": f"{platform.system()} {platform.release()}",
        "python": sys.version.split()[0],
    }
