"""Collections (填报任务): sections' requests that schools report data, as workbooks that come back as imports."""
