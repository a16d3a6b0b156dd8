"""The outside yardsticks: text and graph, their members, how members are blended and held out."""
